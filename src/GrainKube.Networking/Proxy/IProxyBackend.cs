using GrainKube.Networking.Proxy.Machine;
using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Networking.Proxy;

/// <summary>Puts services into force on this machine. Calls never overlap. A call that throws leaves the rules as they were; the next one must be <see cref="ReplaceAsync"/>.</summary>
internal interface IProxyBackend
{
    /// <summary>Makes exactly these services be in force, whatever was before, in one transaction: no packet sees a machine without them.</summary>
    /// <exception cref="MachineException">The machine refused.</exception>
    /// <param name="all">The services.</param>
    /// <param name="ranges">What services take their addresses from, IPv4, none within another: where the kind of rules can, who asks for an address of them that no service has is dropped.</param>
    /// <param name="cancel">Stops.</param>
    Task ReplaceAsync(IReadOnlyCollection<ProxiedService> all, IReadOnlyList<string> ranges, CancellationToken cancel);

    /// <summary>Changes these services, in one transaction; one without ports is removed. The ranges are those of <see cref="ReplaceAsync"/>, as they are now.</summary>
    /// <exception cref="MachineException">The machine refused.</exception>
    Task UpdateAsync(IReadOnlyCollection<ProxiedService> changed, IReadOnlyList<string> ranges, CancellationToken cancel);

    /// <summary>Whether the rules are still there: others may flush what is not theirs.</summary>
    Task<bool> IsIntactAsync(CancellationToken cancel);

    /// <summary>Removes every trace; succeeds where there is none.</summary>
    Task RemoveAsync(CancellationToken cancel);
}
