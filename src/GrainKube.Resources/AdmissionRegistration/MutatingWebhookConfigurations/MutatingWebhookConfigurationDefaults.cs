using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.AdmissionRegistration.MutatingWebhookConfigurations;

internal sealed class MutatingWebhookConfigurationDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        foreach (var webhook in item.Objects("webhooks"))
        {
            MatchDefaults.Apply(webhook);
            webhook.DefaultAbsentTo("failurePolicy", "Fail");
            webhook.DefaultTo("timeoutSeconds", 10);
            webhook.DefaultAbsentTo("reinvocationPolicy", "Never");
            webhook.Object("clientConfig").Object("service")?.DefaultTo("port", 443);
        }
    }
}
