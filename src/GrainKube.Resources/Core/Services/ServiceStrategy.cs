using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.Services;

/// <summary>Keeps the single and the plural fields of addresses in step, and carries over what was allocated before.</summary>
internal sealed class ServiceStrategy : IStrategy
{
    public void PrepareForCreate(JsonObject item, WriteScope scope)
    {
        item["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        var spec = item.Ensure("spec");
        SameAddresses(spec, before: null);
        Families(spec);
    }

    public void PrepareForUpdate(JsonObject next, JsonObject current, WriteScope scope)
    {
        var (spec, before) = (next.Ensure("spec"), current.Object("spec") ?? []);
        CarryOverAllocated(spec, before);
        SameAddresses(spec, before);
        DropWhatTheTypeLost(spec, before);
        Families(spec);
    }

    /// <summary>One stack of IPv4, unless the client says otherwise.</summary>
    private static void Families(JsonObject spec)
    {
        if (!ServiceShape.NeedsClusterIp(spec))
        {
            return;
        }

        var headlessWithoutSelector = spec.Text("clusterIP") == "None" && spec["selector"] is not JsonObject { Count: > 0 };
        spec.DefaultTo("ipFamilyPolicy", headlessWithoutSelector ? "RequireDualStack" : "SingleStack");
        if (spec["ipFamilies"] is not JsonArray { Count: > 0 })
        {
            var six = spec.Text("clusterIP").Contains(':');
            spec["ipFamilies"] = headlessWithoutSelector && spec.Text("ipFamilyPolicy") == "RequireDualStack"
                ? new JsonArray("IPv4", "IPv6")
                : new JsonArray(six ? "IPv6" : "IPv4");
        }
    }

    private static void SameAddresses(JsonObject spec, JsonObject? before)
    {
        var (single, list) = (spec.Text("clusterIP"), spec["clusterIPs"] as JsonArray);
        if (before is null)
        {
            if (single.Length > 0 && list is not { Count: > 0 })
            {
                spec["clusterIPs"] = new JsonArray(single);
            }

            return;
        }

        var oldSingle = before.Text("clusterIP");
        var listChanged = !JsonNode.DeepEquals(list, before["clusterIPs"]);
        if (single.Length == 0 && oldSingle.Length > 0 && !listChanged)
        {
            // A client that knows only the single field cleared it.
            spec.Remove("clusterIPs");
        }
        else if (single != oldSingle && !listChanged)
        {
            spec["clusterIPs"] = new JsonArray(single);
        }
    }

    private static void DropWhatTheTypeLost(JsonObject spec, JsonObject before)
    {
        if (ServiceShape.NeedsClusterIp(before) && !ServiceShape.NeedsClusterIp(spec))
        {
            foreach (var field in (string[])["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"])
            {
                DropIfSame(spec, before, field);
            }
        }

        if (ServiceShape.NeedsNodePort(before) && !ServiceShape.NeedsNodePort(spec) && SameNodePorts(spec, before))
        {
            foreach (var port in spec.Objects("ports"))
            {
                port.Remove("nodePort");
            }
        }

        if (ServiceShape.NeedsHealthCheck(before) && !ServiceShape.NeedsHealthCheck(spec))
        {
            DropIfSame(spec, before, "healthCheckNodePort");
        }

        if (ServiceShape.IsExternallyAccessible(before) && !ServiceShape.IsExternallyAccessible(spec))
        {
            DropIfSame(spec, before, "externalTrafficPolicy");
        }

        if (before.Text("type") == "LoadBalancer" && spec.Text("type") != "LoadBalancer")
        {
            DropIfSame(spec, before, "allocateLoadBalancerNodePorts");
            DropIfSame(spec, before, "loadBalancerClass");
        }
    }

    private static void CarryOverAllocated(JsonObject spec, JsonObject before)
    {
        if (ServiceShape.NeedsClusterIp(before) && ServiceShape.NeedsClusterIp(spec))
        {
            if (spec.Text("clusterIP").Length == 0)
            {
                spec.Remove("clusterIP");
                spec.CarryOver("clusterIP", before);
            }

            if (spec["clusterIPs"] is not JsonArray { Count: > 0 })
            {
                spec.Remove("clusterIPs");
                spec.CarryOver("clusterIPs", before);
            }
        }

        if (ServiceShape.NeedsNodePort(before) && ServiceShape.NeedsNodePort(spec))
        {
            // A port is the same while its name is: everything else of it may have changed.
            var taken = spec.Objects("ports").Select(p => p.Number("nodePort") ?? 0).Where(p => p != 0).ToHashSet();
            foreach (var port in spec.Objects("ports").Where(p => p.Number("nodePort") is null or 0))
            {
                var old = before.Objects("ports").LastOrDefault(o => o.Text("name") == port.Text("name"));
                if (old?.Number("nodePort") is { } number and > 0 && taken.Add(number))
                {
                    port.Remove("nodePort");
                    port.CarryOver("nodePort", old);
                }
            }
        }

        if (ServiceShape.NeedsHealthCheck(before) && ServiceShape.NeedsHealthCheck(spec) && spec.Number("healthCheckNodePort") is null or 0)
        {
            spec.CarryOver("healthCheckNodePort", before);
        }
    }

    private static void DropIfSame(JsonObject spec, JsonObject before, string field)
    {
        if (JsonNode.DeepEquals(spec[field], before[field]))
        {
            spec.Remove(field);
        }
    }

    private static bool SameNodePorts(JsonObject spec, JsonObject before) =>
        spec.Objects("ports").Select(p => p.Number("nodePort") ?? 0).SequenceEqual(before.Objects("ports").Select(p => p.Number("nodePort") ?? 0));
}
