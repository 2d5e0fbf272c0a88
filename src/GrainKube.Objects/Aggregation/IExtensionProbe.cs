using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Objects.Aggregation;

/// <summary>Asks the server behind an APIService whether it answers. Gateways know the way there; the controller that keeps the condition knows them by this alone.</summary>
public interface IExtensionProbe
{
    /// <summary>Asks for the discovery document that the server must have, as a superuser; five times at once, and one answer is enough.</summary>
    /// <param name="apiService">An APIService that names a service which exists.</param>
    /// <param name="cancel">Stops asking.</param>
    /// <returns>What was wrong with the last try, for the message of the condition; null where it answered.</returns>
    Task<string?> ProbeAsync(KubeObject apiService, CancellationToken cancel);
}
