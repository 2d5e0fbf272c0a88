using GrainKube.Controllers.ClusterRoleAggregation;
using GrainKube.Controllers.DaemonSets;
using GrainKube.Controllers.Deployments;
using GrainKube.Controllers.GarbageCollection;
using GrainKube.Controllers.Namespaces;
using GrainKube.Controllers.NodeLifecycle;
using GrainKube.Controllers.PodGarbageCollection;
using GrainKube.Controllers.ReplicaSets;
using GrainKube.Controllers.RootCertificates;
using GrainKube.Controllers.ServiceAccounts;
using GrainKube.Controllers.StatefulSets;
using GrainKube.Controllers.TaintEviction;
using Microsoft.Extensions.DependencyInjection;

namespace GrainKube.Controllers;

/// <summary>The built-in controllers: one line each.</summary>
public static class ControllerServices
{
    public static IServiceCollection AddKubernetesControllers(this IServiceCollection services) => services
        .AddReconciler<ClusterRoleAggregator>()
        .AddReconciler<DaemonSetReconciler>()
        .AddReconciler<DeploymentReconciler>()
        .AddReconciler<GarbageCollector>()
        .AddReconciler<NamespaceReconciler>()
        .AddReconciler<NodeLifecycleReconciler>()
        .AddReconciler<PodGarbageCollector>()
        .AddReconciler<ReplicaSetReconciler>()
        .AddReconciler<RootCertificateReconciler>()
        .AddReconciler<ServiceAccountReconciler>()
        .AddReconciler<StatefulSetReconciler>()
        .AddReconciler<TaintEvictionReconciler>();
}
