/* Fails the n-th call of one kind on files below a folder, in whatever process of a run it comes: preloaded by the
   trial of faults (fault_trial.py), which shares the orders and what came of them in a small file. Linux only. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, RENAME, FSYNC, OPEN, MKDIR, UNLINK };

struct orders { long armed, kind, number, error, lasting, failed, seen[7]; char folder[1024]; char where[1024]; };

static struct orders *orders;

static void *next_call(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("YUEBAO_FAULTS");
    if (!path) return;
    int (*real_open)(const char *, int, ...) = next_call("open");
    int handle = real_open(path, O_RDWR);
    if (handle < 0) return;
    void *found = mmap(0, sizeof(struct orders), PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
    close(handle);
    if (found != MAP_FAILED) orders = found;
}

static int concerns(const char *path) {
    return path && !strncmp(path, orders->folder, strlen(orders->folder));
}

static int fails(int kind, const char *path) {
    if (!orders || !orders->armed || !concerns(path)) return 0;
    long seen = __atomic_add_fetch(&orders->seen[kind], 1, __ATOMIC_SEQ_CST);
    if (orders->kind != kind || !orders->number || seen < orders->number || (seen > orders->number && !orders->lasting)) return 0;
    if (seen == orders->number) strncpy(orders->where, path, sizeof orders->where - 1);
    __atomic_add_fetch(&orders->failed, 1, __ATOMIC_SEQ_CST);
    errno = (int)orders->error;
    return 1;
}

static int fails_at(int kind, int folder, const char *path) {
    char place[PATH_MAX] = "", link[64], whole[2 * PATH_MAX];
    if (!orders || !orders->armed) return 0;
    if (path && path[0] == '/') return fails(kind, path);
    if (folder == AT_FDCWD) { if (!getcwd(place, sizeof place)) return 0; }
    else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t length = readlink(link, place, sizeof place - 1);
        if (length < 0) return 0;
        place[length] = 0;
    }
    snprintf(whole, sizeof whole, "%s/%s", place, path ? path : "");
    return fails(kind, path ? whole : place);
}

#define CALL(result, name, parameters, kind, folder, path, arguments)                     \
    result name parameters {                                                               \
        static result(*real) parameters;                                                   \
        if (!real) real = next_call(#name);                                                \
        if (fails_at(kind, folder, path)) return (result)-1;                               \
        return real arguments;                                                             \
    }

CALL(ssize_t, write, (int to, const void *data, size_t size), WRITE, to, 0, (to, data, size))
CALL(ssize_t, writev, (int to, const struct iovec *parts, int count), WRITE, to, 0, (to, parts, count))
CALL(ssize_t, pwrite64, (int to, const void *data, size_t size, off64_t at), WRITE, to, 0, (to, data, size, at))
CALL(int, fsync, (int of), FSYNC, of, 0, (of))
CALL(int, fdatasync, (int of), FSYNC, of, 0, (of))
CALL(int, rename, (const char *from, const char *to), RENAME, AT_FDCWD, from, (from, to))
CALL(int, renameat, (int a, const char *from, int b, const char *to), RENAME, a, from, (a, from, b, to))
CALL(int, mkdir, (const char *path, mode_t mode), MKDIR, AT_FDCWD, path, (path, mode))
CALL(int, mkdirat, (int folder, const char *path, mode_t mode), MKDIR, folder, path, (folder, path, mode))
CALL(int, unlink, (const char *path), UNLINK, AT_FDCWD, path, (path))
CALL(int, unlinkat, (int folder, const char *path, int flags), UNLINK, folder, path, (folder, path, flags))
CALL(int, rmdir, (const char *path), UNLINK, AT_FDCWD, path, (path))

#define OPENS(name, parameters, folder, arguments)                                         \
    int name parameters {                                                                  \
        static int (*real)();                                                              \
        mode_t mode = 0;                                                                   \
        if (!real) real = next_call(#name);                                                \
        if (flags & (O_CREAT | O_TMPFILE)) {                                               \
            va_list more;                                                                  \
            va_start(more, flags);                                                         \
            mode = va_arg(more, mode_t);                                                   \
            va_end(more);                                                                  \
        }                                                                                  \
        if (fails_at(OPEN, folder, path)) return -1;                                       \
        return real arguments;                                                             \
    }

OPENS(open, (const char *path, int flags, ...), AT_FDCWD, (path, flags, mode))
OPENS(open64, (const char *path, int flags, ...), AT_FDCWD, (path, flags, mode))
OPENS(openat, (int folder, const char *path, int flags, ...), folder, (folder, path, flags, mode))
OPENS(openat64, (int folder, const char *path, int flags, ...), folder, (folder, path, flags, mode))

#define FOPENS(name)                                                                       \
    FILE *name(const char *path, const char *mode) {                                       \
        static FILE *(*real)(const char *, const char *);                                  \
        if (!real) real = next_call(#name);                                                \
        if (fails_at(OPEN, AT_FDCWD, path)) return 0;                                      \
        return real(path, mode);                                                           \
    }

FOPENS(fopen)
FOPENS(fopen64)
