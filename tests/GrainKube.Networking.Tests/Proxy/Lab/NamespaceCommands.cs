using GrainKube.Networking.Proxy.Machine;

namespace GrainKube.Networking.Tests.Proxy.Lab;

/// <summary>Programs that run in a network namespace.</summary>
internal sealed class NamespaceCommands(string name) : IMachineCommands
{
    private readonly MachineCommands machine = new();

    public Task<MachineResult> RunAsync(string program, IReadOnlyList<string> arguments, string input, CancellationToken cancel) =>
        machine.RunAsync("ip", ["netns", "exec", name, program, .. arguments], input, cancel);
}
