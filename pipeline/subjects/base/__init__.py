"""The customer base 客户基础: who is there, who came and left."""
