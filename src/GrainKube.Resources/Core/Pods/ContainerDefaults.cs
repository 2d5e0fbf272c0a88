using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Quantities;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Defaults of one container.</summary>
internal static class ContainerDefaults
{
    public static void Apply(JsonObject container)
    {
        container.DefaultTo("imagePullPolicy", ImageReference.DefaultPullPolicy(container.Text("image")));
        container.DefaultTo("terminationMessagePath", "/dev/termination-log");
        container.DefaultTo("terminationMessagePolicy", "File");
        var resources = container.Ensure("resources");
        RoundToMilli(resources.Object("limits"));
        RoundToMilli(resources.Object("requests"));
        foreach (var port in container.Objects("ports"))
        {
            port.DefaultTo("protocol", "TCP");
        }

        foreach (var variable in container.Objects("env"))
        {
            variable.Object("valueFrom").Object("fieldRef")?.DefaultTo("apiVersion", "v1");
            ZeroDivisor(variable.Object("valueFrom").Object("resourceFieldRef"));
            variable.Object("valueFrom").Object("fileKeyRef")?.DefaultTo("optional", false);
        }

        foreach (var probe in (ReadOnlySpan<string>)["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container.Object(probe) is { } settings)
            {
                Probe(settings);
            }
        }

        HttpGet(container.Object("lifecycle").Object("postStart").Object("httpGet"));
        HttpGet(container.Object("lifecycle").Object("preStop").Object("httpGet"));
    }

    /// <summary>Upstream always writes the divisor, zero where none was given.</summary>
    public static void ZeroDivisor(JsonObject? selector) => selector?.DefaultTo("divisor", "0");

    /// <summary>Amounts are kept to a thousandth, rounded up.</summary>
    public static void RoundToMilli(JsonObject? amounts)
    {
        for (var i = 0; i < amounts?.Count; i++)
        {
            if (amounts.GetAt(i).Value is JsonValue text && text.TryGetValue<string>(out var amount)
                && Quantity.TryParse(amount, out var quantity, out _) && !quantity.IsWholeMilli)
            {
                amounts.SetAt(i, Quantity.FromMilli(quantity.MilliValue, quantity.Format).ToString());
            }
        }
    }

    private static void Probe(JsonObject probe)
    {
        HttpGet(probe.Object("httpGet"));
        if (probe.Object("grpc") is { } grpc && grpc["service"] is null)
        {
            grpc["service"] = "";
        }

        probe.DefaultZeroTo("timeoutSeconds", 1);
        probe.DefaultZeroTo("periodSeconds", 10);
        probe.DefaultZeroTo("successThreshold", 1);
        probe.DefaultZeroTo("failureThreshold", 3);
    }

    private static void HttpGet(JsonObject? action)
    {
        action?.DefaultTo("path", "/");
        action?.DefaultTo("scheme", "HTTP");
    }
}
