namespace GrainKube.Networking.Proxy.Machine;

/// <summary>How a program ended.</summary>
internal readonly record struct MachineResult(int ExitCode, string Output, string Error)
{
    /// <summary>The shell's code for a program that is not there.</summary>
    public const int Missing = 127;

    public bool Succeeded => ExitCode == 0;

    public bool IsMissing => ExitCode == Missing;
}
