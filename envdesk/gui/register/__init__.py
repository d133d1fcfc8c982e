"""A register list: filters, table, preview and what is done to its rows. The pages 登记 and 监管对象 are made of it."""
