using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Pipeline;
using GrainKube.Security.Rbac;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GrainKube.ApiServer.Authorization;

/// <summary>RBAC and the reviews of access.</summary>
public static class AuthorizationRegistration
{
    /// <summary>Adds RBAC. Whoever composes starts <see cref="RbacFeed"/> when the cache is loaded.</summary>
    public static IServiceCollection AddRbac(this IServiceCollection services)
    {
        services.TryAddSingleton<RbacIndex>();
        services.TryAddSingleton<RbacFeed>();
        services.TryAddSingleton<AccessQuestion>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizer, RbacAuthorizer>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUnstoredResource, SubjectAccessReviews>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUnstoredResource, LocalSubjectAccessReviews>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUnstoredResource, SelfSubjectAccessReviews>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUnstoredResource, SelfSubjectRulesReviews>());
        return services;
    }
}
