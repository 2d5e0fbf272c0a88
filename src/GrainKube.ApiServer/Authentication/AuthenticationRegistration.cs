using GrainKube.ApiServer.Admission;
using GrainKube.ApiServer.Authentication.BootstrapTokens;
using GrainKube.ApiServer.Authentication.OpenIdConnect;
using GrainKube.ApiServer.Authentication.OutsideReviews;
using GrainKube.ApiServer.Authentication.StaticTokens;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Pipeline;
using GrainKube.Security.Pki;
using GrainKube.Security.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Authentication;

/// <summary>Who is calling: certificates, tokens, anonymous.</summary>
public static class AuthenticationRegistration
{
    /// <summary>Adds the authenticators in the order in which they are asked.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="secrets">The cluster's; loaded before the host is built, because Kestrel needs them at once.</param>
    /// <param name="options">What else callers are known by.</param>
    public static IServiceCollection AddIdentity(this IServiceCollection services, ClusterSecrets secrets, AuthenticationOptions? options = null)
    {
        services.TryAddSingleton(Options.Create(options ?? new AuthenticationOptions()));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(secrets);
        services.TryAddSingleton(secrets.Authority);
        services.TryAddSingleton<IObjectReader, CachedObjects>();
        services.TryAddSingleton(new TokenIssuer(secrets.ServiceAccountKey));
        services.TryAddSingleton<IBoundObjects, BoundObjects>();
        services.TryAddSingleton<TokenVerifier>();
        services.TryAddSingleton(provider => new FrontProxy(secrets.FrontProxyAuthority, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ClientCertificates>();
        services.TryAddSingleton<Impersonator>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthenticator, RequestHeaderAuthenticator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthenticator, ClientCertificateAuthenticator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITokenVerifier, StaticTokenVerifier>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITokenVerifier, TokenVerifier>(provider => provider.GetRequiredService<TokenVerifier>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITokenVerifier, LegacyTokenVerifier>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITokenVerifier, BootstrapTokenVerifier>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITokenVerifier, JwtVerifier>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITokenVerifier, WebhookTokenVerifier>());
        services.TryAddSingleton<TokenVerifiers>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthenticator, BearerTokenAuthenticator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthenticator, AnonymousAuthenticator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPathEndpoint, OpenIdDocuments>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUnstoredResource, TokenRequests>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUnstoredResource, TokenReviews>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUnstoredResource, SelfSubjectReviews>());
        return services;
    }
}
