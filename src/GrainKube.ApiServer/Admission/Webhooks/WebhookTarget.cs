using System.Globalization;
using k8s.Models;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>Where a webhook listens and whom it must prove to be.</summary>
/// <param name="Url">What is posted to; for a service its host is <c>NAME.NAMESPACE.svc</c>, the name that the certificate must carry.</param>
/// <param name="Service">The service that is to be found, or null for a plain URL.</param>
/// <param name="CaBundle">PEM certificates; empty for the machine's own.</param>
internal sealed record WebhookTarget(Uri Url, WebhookService? Service, string CaBundle)
{
    public static WebhookTarget Of(Admissionregistrationv1WebhookClientConfig config)
    {
        var bundle = config.CaBundle is { Length: > 0 } pem ? System.Text.Encoding.UTF8.GetString(pem) : "";
        if (config.Service is not { } service)
        {
            return new WebhookTarget(new Uri(config.Url), null, bundle);
        }

        var port = service.Port ?? 443;
        var path = service.Path is { Length: > 0 } given ? given : "/";
        var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://{service.Name}.{service.NamespaceProperty}.svc:{port}{(path[0] == '/' ? "" : "/")}{path}"));
        return new WebhookTarget(url, new WebhookService(service.NamespaceProperty, service.Name, port), bundle);
    }

    /// <summary>The URL of a call as Go prints it, with the time that the webhook has.</summary>
    public string WithTimeout(TimeSpan timeout)
    {
        var port = Service is null ? Url.Authority : $"{Url.Host}:{Url.Port}";
        var query = Url.Query.Length > 1 ? Url.Query[1..] + "&" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Url.Scheme}://{port}{Url.AbsolutePath}?{query}timeout={(int)timeout.TotalSeconds}s");
    }
}

/// <summary>A service of the cluster, and one of its ports.</summary>
internal sealed record WebhookService(string Namespace, string Name, int Port);
