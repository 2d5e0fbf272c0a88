using GrainKube.ApiServer.Admission;
using GrainKube.ApiServer.Authorization.Nodes;
using GrainKube.ApiServer.Authorization.Outside;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Pipeline;
using GrainKube.Security.Rbac;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Authorization;

/// <summary>Who decides what callers may do, and the reviews of access.</summary>
public static class AuthorizationRegistration
{
    /// <summary>Adds the modes of the options in their order. Whoever composes starts <see cref="RbacFeed"/> when the cache is loaded.</summary>
    public static IServiceCollection AddAuthorizers(this IServiceCollection services, AuthorizationOptions? options = null)
    {
        options ??= new AuthorizationOptions();
        services.TryAddSingleton(Options.Create(options));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IObjectReader, CachedObjects>();
        services.TryAddSingleton<RbacIndex>();
        services.TryAddSingleton<RbacFeed>();
        services.TryAddSingleton<AccessQuestion>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizer, MastersAuthorizer>());
        foreach (var mode in options.Modes)
        {
            services.TryAddEnumerable(OfMode(mode));
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUnstoredResource, SubjectAccessReviews>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUnstoredResource, LocalSubjectAccessReviews>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUnstoredResource, SelfSubjectAccessReviews>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUnstoredResource, SelfSubjectRulesReviews>());
        return services;
    }

    private static ServiceDescriptor OfMode(AuthorizationMode mode) => mode switch
    {
        AuthorizationMode.Node => ServiceDescriptor.Singleton<IAuthorizer, NodeAuthorizer>(),
        AuthorizationMode.Rbac => ServiceDescriptor.Singleton<IAuthorizer, RbacAuthorizer>(),
        AuthorizationMode.Webhook => ServiceDescriptor.Singleton<IAuthorizer, WebhookAuthorizer>(),
        AuthorizationMode.AlwaysAllow => ServiceDescriptor.Singleton<IAuthorizer, AlwaysAllowAuthorizer>(),
        AuthorizationMode.AlwaysDeny => ServiceDescriptor.Singleton<IAuthorizer, AlwaysDenyAuthorizer>(),
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, null),
    };
}
