using System.Globalization;

namespace GrainKube.Kubelet.Simulation;

/// <summary>What a simulated container does, by annotations of its pod: run until it is stopped unless they say otherwise.</summary>
/// <param name="ExitAfter"><c>simulation.grainkube.io/exit-after</c>, in seconds: it ends by itself after this time.</param>
/// <param name="ExitCode"><c>simulation.grainkube.io/exit-code</c>: with which code; 0 where not said.</param>
internal sealed record SimulatedBehaviour(TimeSpan? ExitAfter, int ExitCode)
{
    public const string Prefix = "simulation.grainkube.io/";

    public static SimulatedBehaviour Of(IReadOnlyDictionary<string, string> labels)
    {
        TimeSpan? after = labels.TryGetValue(Prefix + "exit-after", out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
        var code = labels.TryGetValue(Prefix + "exit-code", out var codeText) && int.TryParse(codeText, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new SimulatedBehaviour(after, code);
    }
}
