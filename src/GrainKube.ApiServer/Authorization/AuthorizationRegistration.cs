using GrainKube.ApiServer.Admission;
using GrainKube.ApiServer.Authorization.Nodes;
using GrainKube.ApiServer.Authorization.Outside;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Pipeline;
using GrainKube.Security.Rbac;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GrainKube.ApiServer.Authorization;

/// <summary>Who decides what callers may do, and the reviews of access.</summary>
public static class AuthorizationRegistration
{
    /// <summary>Adds the steps of the options in their order; call it once. Whoever composes starts <see cref="RbacFeed"/> when the cache is loaded.</summary>
    public static IServiceCollection AddAuthorizers(this IServiceCollection services, AuthorizationOptions? options = null)
    {
        options ??= new AuthorizationOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IObjectReader, CachedObjects>();
        services.TryAddSingleton<RbacIndex>();
        services.TryAddSingleton<RbacFeed>();
        services.TryAddSingleton<AccessQuestion>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizer, MastersAuthorizer>());
        foreach (var step in options.Steps)
        {
            services.Add(OfStep(step));
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUnstoredResource, SubjectAccessReviews>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUnstoredResource, LocalSubjectAccessReviews>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUnstoredResource, SelfSubjectAccessReviews>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUnstoredResource, SelfSubjectRulesReviews>());
        return services;
    }

    private static ServiceDescriptor OfStep(AuthorizationStep step) => step switch
    {
        { Mode: AuthorizationMode.Node } => ServiceDescriptor.Singleton<IAuthorizer, NodeAuthorizer>(),
        { Mode: AuthorizationMode.Rbac } => ServiceDescriptor.Singleton<IAuthorizer, RbacAuthorizer>(),
        { Mode: AuthorizationMode.Webhook, Webhook: { } webhook } => ServiceDescriptor.Singleton<IAuthorizer>(
            provider => ActivatorUtilities.CreateInstance<WebhookAuthorizer>(provider, webhook)),
        { Mode: AuthorizationMode.AlwaysAllow } => ServiceDescriptor.Singleton<IAuthorizer, AlwaysAllowAuthorizer>(),
        { Mode: AuthorizationMode.AlwaysDeny } => ServiceDescriptor.Singleton<IAuthorizer, AlwaysDenyAuthorizer>(),
        _ => throw new ArgumentException($"The mode {step.Mode} is not whole", nameof(step)),
    };
}
