using System.Globalization;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for ports of containers, and for references to them by number or name.</summary>
internal static class PortRules
{
    /// <summary>The protocols that ports know, sorted.</summary>
    public static readonly string[] Protocols = ["SCTP", "TCP", "UDP"];

    public static void Check(IList<V1ContainerPort>? ports, FieldErrors errors)
    {
        if (ports is not { Count: > 0 })
        {
            return;
        }

        var names = new SeenTexts();
        for (var i = 0; i < ports.Count; i++)
        {
            One(ports[i], ref names, errors.At(i));
        }
    }

    /// <summary>Two containers cannot take the same port of the node.</summary>
    public static void HostPortConflicts(IList<V1Container>? containers, FieldErrors errors)
    {
        HashSet<string>? taken = null;
        for (var c = 0; c < containers?.Count; c++)
        {
            for (var p = 0; p < containers[c].Ports?.Count; p++)
            {
                var port = containers[c].Ports[p];
                if (port.HostPort is not > 0)
                {
                    continue;
                }

                var text = string.Create(CultureInfo.InvariantCulture, $"{port.Protocol}/{port.HostIP}/{port.HostPort}");
                if (!(taken ??= new HashSet<string>(StringComparer.Ordinal)).Add(text))
                {
                    errors.At(c).At("ports").At(p).At("hostPort").Duplicate(text);
                }
            }
        }
    }

    public static void NumberOrName(IntOrString? port, FieldErrors errors)
    {
        var text = port?.Value ?? "0";
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            errors.Report(number, NameRules.PortNumber(number));
        }
        else
        {
            errors.Report(text, NameRules.PortName(text));
        }
    }

    private static void One(V1ContainerPort port, ref SeenTexts names, FieldErrors errors)
    {
        if (!string.IsNullOrEmpty(port.Name))
        {
            var problems = NameRules.PortName(port.Name);
            errors.At("name").Report(port.Name, problems);
            if (problems.Count == 0 && !names.Add(port.Name))
            {
                errors.At("name").Duplicate(port.Name);
            }
        }

        if (port.ContainerPort == 0)
        {
            errors.At("containerPort").Required();
        }
        else
        {
            errors.At("containerPort").Report(port.ContainerPort, NameRules.PortNumber(port.ContainerPort));
        }

        if (port.HostPort is { } host and not 0)
        {
            errors.At("hostPort").Report(host, NameRules.PortNumber(host));
        }

        errors.At("protocol").RequiredOneOf(port.Protocol, Protocols);
    }
}
