using Microsoft.Extensions.DependencyInjection;

namespace GrainKube.ApiServer.Audit;

/// <summary>Records of requests.</summary>
public static class AuditRegistration
{
    /// <summary>Adds the trail, its policy and what it is written to. Without a policy there is nothing to add, and requests cost nothing more.</summary>
    /// <exception cref="FormatException">The policy makes no sense.</exception>
    /// <exception cref="IOException">Its file cannot be read.</exception>
    public static IServiceCollection AddAudit(this IServiceCollection services, AuditOptions options)
    {
        if (options.PolicyFile.Length == 0)
        {
            return services;
        }

        var policy = AuditPolicy.Parse(File.ReadAllBytes(options.PolicyFile));
        services.AddSingleton(options);
        if (options.LogPath.Length > 0)
        {
            services.AddSingleton<IAuditSink, LogFileSink>();
        }

        if (options.WebhookConfigFile.Length > 0)
        {
            services.AddSingleton<IAuditSink, WebhookSink>();
        }

        services.AddSingleton(provider => new AuditLog(policy, provider.GetServices<IAuditSink>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
