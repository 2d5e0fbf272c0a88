using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GrainKube.Networking.Tests.Proxy.Lab;

/// <summary>A network namespace of the kernel, as a machine of its own. A socket stays in the namespace that it was made in, whichever thread uses it.</summary>
internal sealed class NetworkNamespace(string name)
{
    private const int NetworkKind = 0x40000000;

    public string Name => name;

    /// <summary>A socket in this namespace.</summary>
    public Socket NewSocket(SocketType type, ProtocolType protocol)
    {
        Socket? made = null;
        Exception? failure = null;

        // A thread cannot be trusted after it was elsewhere; this one ends.
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle($"/run/netns/{name}");
                if (SetNamespace(file, NetworkKind) != 0)
                {
                    throw new InvalidOperationException($"setns {name}: error {Marshal.GetLastPInvokeError()}");
                }

                made = new Socket(AddressFamily.InterNetwork, type, protocol);
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        return made ?? throw new InvalidOperationException($"No socket in {name}", failure);
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static extern int SetNamespace(SafeFileHandle file, int kind);
}
