/* Every public header stands alone, in C99 and in C++17, without a warning. HEADER names one. */
#include HEADER
#include HEADER /* twice is as good as once */

int main(void) {
    return 0;
}
