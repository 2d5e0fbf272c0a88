namespace GrainKube.Networking.Proxy.Machine;

/// <summary>The programs by which the machine's network is set up. Tests run them in a network namespace of their own.</summary>
internal interface IMachineCommands
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Name, found by the usual path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="cancel">Ends the program.</param>
    /// <returns>How it ended; where it is not installed, <see cref="MachineResult.IsMissing"/>.</returns>
    Task<MachineResult> RunAsync(string program, IReadOnlyList<string> arguments, string input, CancellationToken cancel);
}
