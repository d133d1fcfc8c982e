/* Test-only stand-in for Windows' bcryptprimitives.dll, which wine 8 lacks; extensions written in Rust take their
   random numbers from its one documented function. */
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(void *buffer, ULONG size); /* RtlGenRandom, advapi32 */
__declspec(dllexport) BOOL ProcessPrng(unsigned char *buffer, SIZE_T size)
{
    return SystemFunction036(buffer, (ULONG)size);
}
