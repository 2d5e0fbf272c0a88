namespace GrainKube.Networking.Proxy.Machine;

/// <summary>The machine's network could not be changed; nothing was.</summary>
internal sealed class MachineException : Exception
{
    public MachineException(string message)
        : base(message)
    {
    }

    public MachineException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public static MachineException For(string program, MachineResult result) =>
        new(result.IsMissing ? $"{program} is not installed" : $"{program} ended with {result.ExitCode}: {FirstLine(result.Error)}");

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
