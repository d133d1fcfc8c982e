/* EnvDesk.exe (window) and envdesk-cmd.exe (console): load runtime\python311.dll and run `-m envdesk` in it.
 *
 * The process has its own name, icon and version, and python311.dll keeps the signature of the Python Software
 * Foundation. python311._pth beside the DLL fixes sys.path and shuts out PYTHON* variables and site-packages of the PC.
 */
#include <windows.h>
#include <shellapi.h>
#include <stdlib.h>
#include <wchar.h>

#define LONGEST 32768 /* longest path Windows knows */
#define FIXED 5       /* words put before those of the user */

typedef int(__cdecl *PyMain)(int, wchar_t **);

static void tell(const wchar_t *what)
{
#ifdef CONSOLE
    HANDLE out = GetStdHandle(STD_ERROR_HANDLE);
    DWORD n = 0;
    char text[2048];
    int size = WideCharToMultiByte(CP_UTF8, 0, what, -1, text, sizeof text - 2, NULL, NULL);
    if (size > 0) {
        text[size - 1] = '\n';
        WriteFile(out, text, (DWORD)size, &n, NULL);
    }
#else
    MessageBoxW(NULL, what, L"环保台账", MB_ICONERROR | MB_OK);
#endif
}

static int run(void)
{
    static wchar_t dir[LONGEST], dll[LONGEST];
    DWORD length = GetModuleFileNameW(NULL, dir, LONGEST);
    wchar_t *slash = length && length < LONGEST ? wcsrchr(dir, L'\\') : NULL;
    if (!slash) {
        tell(L"程序所在的文件夹路径太长，请移到较短的路径下再打开。");
        return 3;
    }
    *slash = 0;
    /* the installer asks for this name before it replaces files; it goes when the process ends */
    CreateMutexW(NULL, FALSE, L"Local\\EnvDesk");
    /* no DLL from the current folder: a package opened from a USB stick must not bring its own */
    SetDllDirectoryW(L"");
    if (_snwprintf(dll, LONGEST, L"%ls\\runtime\\python311.dll", dir) < 0) return 3;
    HMODULE python = LoadLibraryExW(dll, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    PyMain py_main = python ? (PyMain)(void *)GetProcAddress(python, "Py_Main") : NULL;
    if (!py_main) {
        tell(L"程序文件不完整，可能被杀毒软件隔离。请重新安装，记录不受影响。");
        return 3;
    }
    int count = 0;
    wchar_t **words = CommandLineToArgvW(GetCommandLineW(), &count);
    wchar_t **all = words ? calloc((size_t)count + FIXED, sizeof *all) : NULL;
    if (!all) return 3;
    int n = 0;
    all[n++] = words[0];
    all[n++] = L"-X";
    all[n++] = L"utf8";
    all[n++] = L"-m";
    all[n++] = L"envdesk_boot";
    for (int i = 1; i < count; i++) all[n++] = words[i];
    return py_main(n, all);
}

#ifdef CONSOLE
int wmain(void)
{
    return run();
}
#else
int WINAPI wWinMain(HINSTANCE instance, HINSTANCE before, LPWSTR line, int show)
{
    (void)instance, (void)before, (void)line, (void)show;
    return run();
}
#endif
