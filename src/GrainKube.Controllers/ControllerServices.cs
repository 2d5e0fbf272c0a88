using GrainKube.Controllers.ApiServices;
using GrainKube.Controllers.AuthenticationTrust;
using GrainKube.Controllers.BootstrapTokens;
using GrainKube.Controllers.Certificates;
using GrainKube.Controllers.ClusterRoleAggregation;
using GrainKube.Controllers.CronJobs;
using GrainKube.Controllers.CustomResources;
using GrainKube.Controllers.DaemonSets;
using GrainKube.Controllers.Deployments;
using GrainKube.Controllers.Disruption;
using GrainKube.Controllers.EndpointSliceMirroring;
using GrainKube.Controllers.EndpointSlices;
using GrainKube.Controllers.Endpoints;
using GrainKube.Controllers.EphemeralVolumes;
using GrainKube.Controllers.FlowControl;
using GrainKube.Controllers.GarbageCollection;
using GrainKube.Controllers.HorizontalPodAutoscaling;
using GrainKube.Controllers.Jobs;
using GrainKube.Controllers.LocalPath;
using GrainKube.Controllers.Namespaces;
using GrainKube.Controllers.NodeLifecycle;
using GrainKube.Controllers.PersistentVolumes;
using GrainKube.Controllers.PodGarbageCollection;
using GrainKube.Controllers.PolicyTypeChecking;
using GrainKube.Controllers.ReplicaSets;
using GrainKube.Controllers.ReplicationControllers;
using GrainKube.Controllers.ResourceQuotas;
using GrainKube.Controllers.RootCertificates;
using GrainKube.Controllers.ServiceAccounts;
using GrainKube.Controllers.ServiceAccountTokens;
using GrainKube.Controllers.ServiceEndpoints;
using GrainKube.Controllers.StatefulSets;
using GrainKube.Controllers.StorageMigration;
using GrainKube.Controllers.TaintEviction;
using GrainKube.Controllers.TtlAfterFinished;
using GrainKube.Controllers.VolumeProtection;
using GrainKube.Objects.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GrainKube.Controllers;

/// <summary>The built-in controllers: one line each.</summary>
public static class ControllerServices
{
    public static IServiceCollection AddKubernetesControllers(this IServiceCollection services)
    {
        services.TryAddSingleton<ClusterUsage>();
        services.TryAddSingleton<ExpectedScale>();
        services.TryAddSingleton<ServersOfApis>();
        services.TryAddSingleton<ServiceIndex>();
        return services.AddReconcilers();
    }

    private static IServiceCollection AddReconcilers(this IServiceCollection services) => services
        .AddReconciler<ApiServiceAvailabilityReconciler>()
        .AddReconciler<AuthenticationTrustReconciler>()
        .AddReconciler<BootstrapSigner>()
        .AddReconciler<BootstrapTokenCleaner>()
        .AddReconciler<CertificateApprovingReconciler>()
        .AddReconciler<CertificateCleaner>()
        .AddReconciler<CertificateSigningReconciler>()
        .AddReconciler<ClusterRoleAggregator>()
        .AddReconciler<CronJobReconciler>()
        .AddReconciler<CustomApiServiceReconciler>()
        .AddReconciler<CustomResourceDefinitionReconciler>()
        .AddReconciler<DaemonSetReconciler>()
        .AddReconciler<DeploymentReconciler>()
        .AddReconciler<DisruptionReconciler>()
        .AddReconciler<EndpointSliceMirroringReconciler>()
        .AddReconciler<EndpointSliceReconciler>()
        .AddReconciler<EndpointsReconciler>()
        .AddReconciler<EphemeralVolumeReconciler>()
        .AddReconciler<FlowControlReconciler>()
        .AddReconciler<ExtensionGarbageCollector>()
        .AddReconciler<GarbageCollector>()
        .AddReconciler<HorizontalPodAutoscalerReconciler>()
        .AddReconciler<JobReconciler>()
        .AddReconciler<LocalPathProvisioner>()
        .AddReconciler<LocalPathReclaimer>()
        .AddReconciler<NamespaceReconciler>()
        .AddReconciler<NodeLifecycleReconciler>()
        .AddReconciler<ClaimProtectionReconciler>()
        .AddReconciler<PersistentVolumeBinder>()
        .AddReconciler<PodCertificateRequestCleaner>()
        .AddReconciler<PodGarbageCollector>()
        .AddReconciler<PolicyTypeCheckReconciler>()
        .AddReconciler<ReplicaSetReconciler>()
        .AddReconciler<ReplicationControllerReconciler>()
        .AddReconciler<ResourceQuotaReconciler>()
        .AddReconciler<RootCertificateReconciler>()
        .AddReconciler<ServiceAccountReconciler>()
        .AddReconciler<ServiceAccountTokenReconciler>()
        .AddReconciler<StatefulSetReconciler>()
        .AddReconciler<StorageVersionMigrationReconciler>()
        .AddReconciler<TaintEvictionReconciler>()
        .AddReconciler<TtlAfterFinishedReconciler>()
        .AddReconciler<VolumeProtectionReconciler>();
}
