using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for probes and lifecycle hooks.</summary>
internal static class ProbeRules
{
    private static readonly string[] Schemes = ["HTTP", "HTTPS"];

    public static void Check(V1Container container, long? gracePeriod, FieldErrors errors)
    {
        Probe(container.LivenessProbe, onceIsEnough: true, errors.At("livenessProbe"));
        Probe(container.ReadinessProbe, onceIsEnough: false, errors.At("readinessProbe"));
        if (container.ReadinessProbe?.TerminationGracePeriodSeconds is { } seconds)
        {
            errors.At("readinessProbe").At("terminationGracePeriodSeconds").Invalid(seconds, "must not be set for readinessProbes");
        }

        Probe(container.StartupProbe, onceIsEnough: true, errors.At("startupProbe"));
        Hook(container.Lifecycle?.PostStart, gracePeriod, errors.At("lifecycle").At("postStart"));
        Hook(container.Lifecycle?.PreStop, gracePeriod, errors.At("lifecycle").At("preStop"));
    }

    private static void Probe(V1Probe? probe, bool onceIsEnough, FieldErrors errors)
    {
        if (probe is null)
        {
            return;
        }

        Action(new Handlers(probe.Exec, probe.HttpGet, probe.TcpSocket, probe.Grpc, null), null, errors);
        errors.At("initialDelaySeconds").NotNegative(probe.InitialDelaySeconds);
        errors.At("timeoutSeconds").NotNegative(probe.TimeoutSeconds);
        errors.At("periodSeconds").NotNegative(probe.PeriodSeconds);
        errors.At("successThreshold").NotNegative(probe.SuccessThreshold);
        errors.At("failureThreshold").NotNegative(probe.FailureThreshold);
        if (probe.TerminationGracePeriodSeconds <= 0)
        {
            errors.At("terminationGracePeriodSeconds").Invalid(probe.TerminationGracePeriodSeconds, "must be greater than 0");
        }

        if (onceIsEnough && probe.SuccessThreshold != 1)
        {
            errors.At("successThreshold").Invalid(probe.SuccessThreshold, "must be 1");
        }
    }

    private static void Hook(V1LifecycleHandler? hook, long? gracePeriod, FieldErrors errors)
    {
        if (hook is not null)
        {
            Action(new Handlers(hook.Exec, hook.HttpGet, hook.TcpSocket, null, hook.Sleep), gracePeriod, errors);
        }
    }

    private static void Action(Handlers handlers, long? gracePeriod, FieldErrors errors)
    {
        var found = 0;
        if (IsFirst(handlers.Exec, "exec") && handlers.Exec!.Command is not { Count: > 0 })
        {
            errors.At("exec").At("command").Required();
        }

        if (IsFirst(handlers.Http, "httpGet"))
        {
            Http(handlers.Http!, errors.At("httpGet"));
        }

        if (IsFirst(handlers.Tcp, "tcpSocket"))
        {
            PortRules.NumberOrName(handlers.Tcp!.Port, errors.At("tcpSocket").At("port"));
        }

        if (IsFirst(handlers.Grpc, "grpc"))
        {
            errors.At("grpc").At("port").Report(handlers.Grpc!.Port, NameRules.PortNumber(handlers.Grpc.Port));
        }

        if (IsFirst(handlers.Sleep, "sleep") && gracePeriod is { } period && (handlers.Sleep!.Seconds < 0 || handlers.Sleep.Seconds > period))
        {
            errors.At("sleep").Invalid(handlers.Sleep.Seconds, $"must be non-negative and less than terminationGracePeriodSeconds ({period})");
        }

        if (found == 0)
        {
            errors.Required("must specify a handler type");
        }

        bool IsFirst(object? handler, string field)
        {
            if (handler is null)
            {
                return false;
            }

            if (found++ > 0)
            {
                errors.At(field).Forbidden("may not specify more than 1 handler type");
                return false;
            }

            return true;
        }
    }

    private static void Http(V1HTTPGetAction action, FieldErrors errors)
    {
        errors.At("path").MustBeSet(action.Path);
        PortRules.NumberOrName(action.Port, errors.At("port"));
        errors.At("scheme").OneOf(action.Scheme ?? "", Schemes);
        foreach (var header in action.HttpHeaders ?? [])
        {
            errors.At("httpHeaders").Report(header.Name ?? "", NameRules.HttpHeaderName(header.Name ?? ""));
        }
    }

    private sealed record Handlers(V1ExecAction? Exec, V1HTTPGetAction? Http, V1TCPSocketAction? Tcp, V1GRPCAction? Grpc, V1SleepAction? Sleep);
}
