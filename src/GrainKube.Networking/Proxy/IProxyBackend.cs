using GrainKube.Networking.Proxy.Machine;
using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Networking.Proxy;

/// <summary>Puts services into force on this machine. Calls never overlap. A call that throws leaves the rules as they were; the next one must be <see cref="ReplaceAsync"/>.</summary>
internal interface IProxyBackend
{
    /// <summary>Makes exactly these services be in force, whatever was before, in one transaction: no packet sees a machine without them.</summary>
    /// <exception cref="MachineException">The machine refused.</exception>
    Task ReplaceAsync(IReadOnlyCollection<ProxiedService> all, CancellationToken cancel);

    /// <summary>Changes these services, in one transaction; one without ports is removed.</summary>
    /// <exception cref="MachineException">The machine refused.</exception>
    Task UpdateAsync(IReadOnlyCollection<ProxiedService> changed, CancellationToken cancel);

    /// <summary>Whether the rules are still there: others may flush what is not theirs.</summary>
    Task<bool> IsIntactAsync(CancellationToken cancel);

    /// <summary>Removes every trace; succeeds where there is none.</summary>
    Task RemoveAsync(CancellationToken cancel);
}
