using System.Text.Json.Nodes;
using GrainKube.Testing.Clusters;

namespace GrainKube.Controllers.Tests.StatefulSets;

/// <summary>Stateful sets as a user would write them; their pods carry <c>app: name</c> and stop at once.</summary>
internal static class StatefulSamples
{
    public static JsonObject Set(string name, int replicas, string image = "app:1", string spec = "") => Sample.Parse(
        $$"""
        {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"{{name}}"},"spec":{ {{spec}}{{(spec.Length > 0 ? "," : "")}}
         "replicas":{{replicas}},"serviceName":"{{name}}-svc","selector":{"matchLabels":{"app":"{{name}}"} },"template":{"metadata":{"labels":{"app":"{{name}}"} },
         "spec":{"terminationGracePeriodSeconds":0,"containers":[{"name":"main","image":"{{image}}"}]} } } }
        """);

    /// <summary>Part of a spec: one claim template named <c>data</c>.</summary>
    public const string DataClaim = """
        "volumeClaimTemplates":[{"metadata":{"name":"data","labels":{"tier":"db"} },"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"} } } }]
        """;
}
