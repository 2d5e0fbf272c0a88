using GrainKube.Controllers.Deployments;
using GrainKube.Controllers.GarbageCollection;
using GrainKube.Controllers.Namespaces;
using GrainKube.Controllers.PodGarbageCollection;
using GrainKube.Controllers.ReplicaSets;
using GrainKube.Controllers.RootCertificates;
using GrainKube.Controllers.ServiceAccounts;
using Microsoft.Extensions.DependencyInjection;

namespace GrainKube.Controllers;

/// <summary>The built-in controllers: one line each.</summary>
public static class ControllerServices
{
    public static IServiceCollection AddKubernetesControllers(this IServiceCollection services) => services
        .AddReconciler<DeploymentReconciler>()
        .AddReconciler<GarbageCollector>()
        .AddReconciler<NamespaceReconciler>()
        .AddReconciler<PodGarbageCollector>()
        .AddReconciler<ReplicaSetReconciler>()
        .AddReconciler<RootCertificateReconciler>()
        .AddReconciler<ServiceAccountReconciler>();
}
