using System.Text.Json.Nodes;
using GrainKube.Testing.Clusters;

namespace GrainKube.Fuzz.Tests.Cases;

/// <summary>Objects that each client has from the start, so that reads, patches and subresources find something.</summary>
internal static class FuzzObjects
{
    public const string Name = "fuzz";

    public static readonly string[] Kinds = ["ConfigMap", "Secret", "Service", "Deployment", "Pod", "StatefulSet", "Job", "Ingress", "HorizontalPodAutoscaler", "Role"];

    public static IEnumerable<JsonObject> All() =>
    [
        Sample.ConfigMap(Name, "\"labels\":{\"app\":\"fuzz\"}"),
        Sample.Deployment(Name, 0),
        Sample.Pod(Name, "{\"app\":\"fuzz\"}"),
        Sample.Parse("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"fuzz"},"data":{"a":"AA=="}}"""),
        Sample.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"fuzz"},"spec":{"selector":{"app":"fuzz"},"ports":[{"name":"a","port":80},{"name":"b","port":81}]}}"""),
        Sample.Parse("""{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"fuzz"},"spec":{"replicas":0,"serviceName":"fuzz","selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"a","image":"a"}]}}}}"""),
        Sample.Parse("""{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"fuzz"},"spec":{"suspend":true,"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"a","image":"a"}]}}}}"""),
        Sample.Parse("""{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"fuzz"},"spec":{"rules":[{"host":"a.b","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"fuzz","port":{"number":80}}}}]}}]}}"""),
        Sample.Parse("""{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"fuzz"},"spec":{"maxReplicas":2,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"fuzz"}}}"""),
        Sample.Parse("""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"fuzz"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}"""),
    ];
}
