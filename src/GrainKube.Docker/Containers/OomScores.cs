using System.Globalization;

namespace GrainKube.Docker.Containers;

/// <summary>Scores by which the kernel chooses what to kill when memory runs out.</summary>
internal static class OomScores
{
    /// <summary>The capability that it takes to make a process less likely to be chosen.</summary>
    private const int SystemResources = 24;

    private static readonly Lazy<bool> MayProtect = new(() =>
        File.Exists("/proc/self/status") && Holds(File.ReadAllText("/proc/self/status"), SystemResources));

    /// <summary>What the engine can be asked for: on a host that forbids negative scores (a container, as a rule) it would not start the container at all.</summary>
    public static int Granted(int wanted) => wanted >= 0 || MayProtect.Value ? wanted : 0;

    /// <param name="status">The text of a process's <c>/proc/PID/status</c>.</param>
    /// <param name="capability">Number of a capability.</param>
    internal static bool Holds(string status, int capability)
    {
        foreach (var line in status.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("CapEff:"))
            {
                return ulong.TryParse(line["CapEff:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var held) && (held >> capability & 1) == 1;
            }
        }

        return false;
    }
}
