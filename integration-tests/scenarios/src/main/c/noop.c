// Does nothing: what fork, exec, exit and wait alone cost, the floor under every figure of the benchmark.
int main(void) { return 0; }
