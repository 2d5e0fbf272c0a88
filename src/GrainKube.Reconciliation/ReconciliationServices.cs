using GrainKube.Reconciliation.CustomResources;
using GrainKube.Reconciliation.Residents;
using GrainKube.Reconciliation.Slices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GrainKube.Reconciliation;

/// <summary>Registers reconcilers with the silo that hosts them.</summary>
public static class ReconciliationServices
{
    /// <summary>The machinery itself; called by each <see cref="AddReconciler{T}"/>.</summary>
    public static IServiceCollection AddReconciliation(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ReconcilerCatalog>();
        services.AddOptions<ReconciliationOptions>();
        services.AddResidents<SliceResidents>();
        services.AddResidents<CustomResourceResidents>();
        return services;
    }

    /// <summary>Hosts a reconciler in the cluster: one line is all that an operator needs.</summary>
    public static IServiceCollection AddReconciler<T>(this IServiceCollection services) where T : class, IReconciler
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReconciler, T>());
        return services.AddReconciliation();
    }

    /// <summary>Grains that are to run somewhere at all times.</summary>
    public static IServiceCollection AddResidents<T>(this IServiceCollection services) where T : class, IResidents
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IResidents, T>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>, ResidentStarter>());
        return services;
    }
}
