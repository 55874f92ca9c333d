"""The way in: files of the inbox become accepted rows and problems."""
