using System.Globalization;

namespace GrainKube.Kubelet.Simulation;

/// <summary>What a simulated container does, by annotations of its pod: run until it is stopped unless they say otherwise.</summary>
/// <param name="ExitAfter"><c>simulation.grainkube.io/exit-after</c>, in seconds: it ends by itself after this time.</param>
/// <param name="ExitCode"><c>simulation.grainkube.io/exit-code</c>: with which code; 0 where not said.</param>
/// <param name="Cores"><c>simulation.grainkube.io/cpu</c>: cores that it keeps busy; 0 where not said.</param>
/// <param name="MemoryBytes"><c>simulation.grainkube.io/memory</c>: bytes that it holds; 0 where not said.</param>
internal sealed record SimulatedBehaviour(TimeSpan? ExitAfter, int ExitCode, double Cores, ulong MemoryBytes)
{
    public const string Prefix = "simulation.grainkube.io/";

    public static SimulatedBehaviour Of(IReadOnlyDictionary<string, string> labels)
    {
        TimeSpan? after = labels.TryGetValue(Prefix + "exit-after", out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
        var code = labels.TryGetValue(Prefix + "exit-code", out var codeText) && int.TryParse(codeText, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var cores = labels.TryGetValue(Prefix + "cpu", out var cpu) && double.TryParse(cpu, CultureInfo.InvariantCulture, out var busy) ? busy : 0;
        var memory = labels.TryGetValue(Prefix + "memory", out var held) && ulong.TryParse(held, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;
        return new SimulatedBehaviour(after, code, cores, memory);
    }
}
