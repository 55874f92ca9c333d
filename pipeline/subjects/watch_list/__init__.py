"""The watch list 关注客户: customers whose average AUM is under the floor of their grade."""
