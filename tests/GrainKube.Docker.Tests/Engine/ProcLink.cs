using System.Runtime.InteropServices;
using System.Text;

namespace GrainKube.Docker.Tests.Engine;

/// <summary>Links of <c>/proc</c> lead to no file (<c>socket:[42]</c>), so the framework does not tell where to.</summary>
internal static class ProcLink
{
    public static string TargetOf(string path)
    {
        var buffer = new byte[256];
        var length = ReadLink(path, buffer, buffer.Length);
        return length < 0 ? "" : Encoding.UTF8.GetString(buffer, 0, (int)length);
    }

    [DllImport("libc", EntryPoint = "readlink")]
    private static extern nint ReadLink([MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte[] buffer, nint size);
}
