using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Writes entries of <c>status.conditions</c>.</summary>
internal static class PodConditions
{
    /// <summary>Sets a condition; its transition time moves only when its status does.</summary>
    public static void Set(JsonObject pod, string type, string status, DateTimeOffset now)
    {
        if (pod["status"] is not JsonObject podStatus)
        {
            pod["status"] = podStatus = [];
        }

        if (podStatus["conditions"] is not JsonArray conditions)
        {
            podStatus["conditions"] = conditions = [];
        }

        var fresh = new JsonObject
        {
            ["lastTransitionTime"] = GoTime.Format(now),
            ["status"] = status,
            ["type"] = type,
        };
        for (var i = 0; i < conditions.Count; i++)
        {
            if ((string?)conditions[i]?["type"] == type)
            {
                if ((string?)conditions[i]!["status"] == status && conditions[i]!["lastTransitionTime"] is { } since)
                {
                    fresh["lastTransitionTime"] = since.DeepClone();
                }

                conditions[i] = fresh;
                return;
            }
        }

        conditions.Add(fresh);
    }
}
