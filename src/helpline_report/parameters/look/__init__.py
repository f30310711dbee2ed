"""How an edition looks: the tokens, and a house style that replaces some of them."""
