using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.ApiExtensions.CustomResourceDefinitions;

/// <summary><c>spec.conversion</c>. Upstream names its fields as its internal type has them.</summary>
internal static class ConversionRules
{
    private static readonly string[] Reviews = ["v1", "v1beta1"];

    public static void Check(JsonObject? conversion, FieldErrors at)
    {
        if (conversion is null)
        {
            return;
        }

        CustomResourceDefinitionRules.Choice(conversion.Text("strategy"), ["None", "Webhook"], at.At("strategy"));
        var webhook = conversion.Object("webhook");
        var client = webhook.Object("clientConfig");
        var versions = (webhook?["conversionReviewVersions"] as JsonArray)?.Select(v => (string)v!).ToList() ?? [];
        if (conversion.Text("strategy") != "Webhook")
        {
            if (client is not null)
            {
                at.At("webhookClientConfig").Forbidden("should not be set when strategy is not set to Webhook");
            }

            if (versions.Count > 0)
            {
                at.At("conversionReviewVersions").Forbidden("should not be set when strategy is not set to Webhook");
            }

            return;
        }

        if (client is null)
        {
            at.At("webhookClientConfig").Required("required when strategy is set to Webhook");
        }
        else if ((client["url"] is null) == (client["service"] is null))
        {
            at.At("webhookClientConfig").Required("exactly one of url or service is required");
        }
        else if (client["url"] is not null)
        {
            Url(client.Text("url"), at.At("webhookClientConfig").At("url"));
        }
        else
        {
            Service(client.Object("service")!, at.At("webhookClientConfig").At("service"));
        }

        Versions(versions, at.At("conversionReviewVersions"));
    }

    private static void Url(string url, FieldErrors at)
    {
        const string form = "; desired format: https://host[/path]";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0)
        {
            at.Invalid(url, "host must be specified" + form);
        }
        else if (parsed.Scheme != "https")
        {
            at.Invalid(parsed.Scheme, "'https' is the only allowed URL scheme" + form);
        }
        else if (parsed.UserInfo.Length > 0)
        {
            at.Invalid(parsed.UserInfo, "user information is not permitted in the URL");
        }
    }

    private static void Service(JsonObject service, FieldErrors at)
    {
        foreach (var name in (ReadOnlySpan<string>)["name", "namespace"])
        {
            if (service.Text(name).Length == 0)
            {
                at.At(name).Required($"service {name} is required");
            }
        }

        if (service.Number("port") is { } port && NameRules.PortNumber(port) is { Count: > 0 } complaints)
        {
            at.At("port").Invalid(port, "port is not valid: " + string.Join(",", complaints));
        }
    }

    private static void Versions(List<string> versions, FieldErrors at)
    {
        if (versions.Count == 0)
        {
            at.Required();
            return;
        }

        for (var i = 0; i < versions.Count; i++)
        {
            if (versions.IndexOf(versions[i]) < i)
            {
                at.At(i).Invalid(versions[i], "duplicate version");
            }
        }

        if (!versions.Any(Reviews.Contains))
        {
            at.Invalid(versions, $"must include at least one of {string.Join(", ", Reviews)}");
        }
    }
}
