namespace GrainKube.Benchmarks;

/// <summary>The objects that are written.</summary>
internal static class Bodies
{
    /// <summary>A pod of about 2 KB once it is defaulted; bound to a node that does not exist unless <paramref name="bound"/> is false.</summary>
    public static string Pod(string name, bool bound = true) => $$$$$$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{{{{name}}}}}}","labels":{"app":"bench","tier":"load"},"annotations":{"example.com/note":"written by the benchmark, with a few words to give it a real size"}},
        "spec":{"automountServiceAccountToken":false,{{{{{{(bound ? "\"nodeName\":\"nowhere\"," : "")}}}}}}
        "containers":[{"name":"web","image":"example.com/web:1.4","ports":[{"name":"http","containerPort":8080}],"env":[{"name":"MODE","value":"live"},{"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}}],
        "resources":{"requests":{"cpu":"20m","memory":"32Mi"},"limits":{"memory":"64Mi"}},"readinessProbe":{"httpGet":{"path":"/ready","port":"http"}},"livenessProbe":{"httpGet":{"path":"/live","port":"http"}},
        "volumeMounts":[{"name":"scratch","mountPath":"/tmp"}]},{"name":"log","image":"example.com/log:2","args":["--follow","--quiet"],"volumeMounts":[{"name":"scratch","mountPath":"/tmp"}]}],
        "volumes":[{"name":"scratch","emptyDir":{}}],"tolerations":[{"key":"example.com/spot","operator":"Exists"}]}}
        """;

    public static string ConfigMap(string name) => $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"},"data":{"payload":"{{{new string('x', 1024)}}}"}}""";

    public static string Deployment(string name, int replicas) => $$$$$$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{{{{{name}}}}}}"},"spec":{"replicas":{{{{{{replicas}}}}}},"selector":{"matchLabels":{"app":"{{{{{{name}}}}}}"}},"template":{"metadata":{"labels":{"app":"{{{{{{name}}}}}}"}},
        "spec":{"automountServiceAccountToken":false,"containers":[{"name":"web","image":"example.com/web:1","resources":{"requests":{"cpu":"10m","memory":"16Mi"}}}]}}}}
        """;
}
