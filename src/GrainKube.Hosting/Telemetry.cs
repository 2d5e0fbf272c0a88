using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace GrainKube.Hosting;

/// <summary>Traces and metrics: OTLP where the standard environment variables ask for it, Prometheus at <c>/metrics</c> always.</summary>
internal static class Telemetry
{
    private const string Everything = "GrainKube.*";

    public static void Add(IServiceCollection services, string nodeName)
    {
        var exports = Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 };
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("grainkube", serviceInstanceId: nodeName));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(Everything, "Microsoft.Orleans", "Microsoft.AspNetCore.Server.Kestrel").AddRuntimeInstrumentation().AddPrometheusExporter();
            if (exports)
            {
                metrics.AddOtlpExporter();
            }
        });
        if (exports)
        {
            telemetry.WithTracing(traces => traces.AddSource(Everything, "Microsoft.AspNetCore").AddOtlpExporter());
        }
    }

    public static void Map(WebApplication app) => app.MapPrometheusScrapingEndpoint("/metrics");
}
