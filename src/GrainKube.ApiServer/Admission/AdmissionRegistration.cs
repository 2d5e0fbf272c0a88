using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiServer.Admission.Certificates;
using GrainKube.ApiServer.Admission.Ingresses;
using GrainKube.ApiServer.Admission.LimitRanges;
using GrainKube.ApiServer.Admission.Nodes;
using GrainKube.ApiServer.Admission.PodSecurity;
using GrainKube.ApiServer.Admission.Policies;
using GrainKube.ApiServer.Admission.Priorities;
using GrainKube.ApiServer.Admission.Quotas;
using GrainKube.ApiServer.Admission.ServiceAccounts;
using GrainKube.ApiServer.Admission.Storage;
using GrainKube.ApiServer.Admission.Tolerations;
using GrainKube.ApiServer.Admission.Webhooks;
using GrainKube.ApiServer.Authorization;
using GrainKube.ApiServer.Streaming;
using GrainKube.Objects.Writes.Outside;
using GrainKube.Objects.Writes.Parts;
using GrainKube.Security.Rbac;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GrainKube.ApiServer.Admission;

/// <summary>The admission plugins of this server.</summary>
public static class AdmissionRegistration
{
    /// <summary>Adds the plugins in upstream's order, which is the order in which they run.</summary>
    public static IServiceCollection AddAdmission(this IServiceCollection services)
    {
        services.TryAddSingleton<IObjectReader, CachedObjects>();
        services.TryAddSingleton<RbacIndex>();
        services.TryAddSingleton<AccessQuestion>();
        services.TryAddSingleton<IOutsideChecks>(provider => provider.GetRequiredService<AccessQuestion>());
        services.TryAddSingleton<SignerPermission>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMutatingAdmission, NamespaceLifecycle.NamespaceLifecycle>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMutatingAdmission, LimitRanger>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMutatingAdmission, ServiceAccountAdmission>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMutatingAdmission, TaintNodesByCondition>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMutatingAdmission, PodPriority>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMutatingAdmission, DefaultTolerationSeconds>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMutatingAdmission, DefaultStorageClass>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMutatingAdmission, StorageObjectInUseProtection>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMutatingAdmission, DefaultIngressClass>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidatingAdmission, LimitRanger>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMutatingAdmission, RuntimeClasses.PodRuntimeClass>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMutatingAdmission, PodTopologyLabels>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMutatingAdmission, MutatingAdmissionPolicies>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidatingAdmission, NodeRestriction>());
        services.AddOptions<PodSecurityOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidatingAdmission, PodSecurity.PodSecurity>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidatingAdmission, RbacEscalation>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidatingAdmission, ParameterAccess>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidatingAdmission, OneDefaultPriorityClass>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidatingAdmission, PersistentVolumeClaimResize>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidatingAdmission, ValidatingAdmissionPolicies>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidatingAdmission, CertificateApproval>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidatingAdmission, CertificateSigning>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidatingAdmission, ClusterTrustBundleAttest>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidatingAdmission, PodCertificateSigning>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidatingAdmission, CertificateSubjectRestriction>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITransactionPart, ResourceQuotaPart>());
        return services;
    }

    /// <summary>Adds the webhooks: they come after every mutating plugin, and after the validating ones.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.TryAddSingleton<IObjectReader, CachedObjects>();
        services.TryAddSingleton<PodConnections>();
        services.TryAddSingleton<ServiceConnector>();
        services.TryAddSingleton<WebhookConnections>();
        services.TryAddSingleton<WebhookIndex>();
        services.TryAddSingleton<AccessQuestion>();
        services.TryAddSingleton<IOutsideChecks>(provider => provider.GetRequiredService<AccessQuestion>());
        services.TryAddSingleton<IMatchConditions, CelMatchConditions>();
        services.TryAddSingleton<WebhookMatching>();
        services.TryAddSingleton<WebhookCalls>();
        services.TryAddSingleton<WebhookDispatch>();
        services.TryAddSingleton<Webhooks.Webhooks>();
        services.TryAddSingleton<ConnectReview>();
        services.TryAddSingleton<WriteRoute>();
        services.TryAddSingleton<IOutsideAdmission>(provider => provider.GetRequiredService<Webhooks.Webhooks>());
        return services;
    }
}
