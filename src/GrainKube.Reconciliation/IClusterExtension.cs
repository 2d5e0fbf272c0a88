using Microsoft.Extensions.DependencyInjection;

namespace GrainKube.Reconciliation;

/// <summary>
/// What an assembly adds to a server that is started with <c>--extension path/to/it.dll</c>: its reconcilers, and whatever they need injected. The server makes one of each public class that
/// implements this, by its parameterless constructor.
/// </summary>
public interface IClusterExtension
{
    /// <summary>Adds to the services of the silo; usually one <see cref="ReconciliationServices.AddReconciler{T}"/>.</summary>
    void AddTo(IServiceCollection services);
}
