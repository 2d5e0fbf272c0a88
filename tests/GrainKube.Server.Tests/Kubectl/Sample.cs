namespace GrainKube.Server.Tests.Kubectl;

/// <summary>Manifests of the tests.</summary>
internal static class Sample
{
    public const string Image = Clusters.TestImage.Name;

    /// <summary>A shell that works until SIGTERM and then ends at once.</summary>
    public const string Idle = "trap 'exit 0' TERM; echo started; while true; do sleep 1 & wait $!; done";

    public static string Deployment(string name, int replicas, string idle = Idle) => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{name}}
          labels: { app: {{name}} }
        spec:
          replicas: {{replicas}}
          selector: { matchLabels: { app: {{name}} } }
          template:
            metadata: { labels: { app: {{name}} } }
            spec:
              terminationGracePeriodSeconds: 5
              containers:
              - name: web
                image: {{Image}}
                command: [sh, -c, "{{idle}}"]
        """;

    public static string Pod(string name, string script, string more = "") => $$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: {{name}}, labels: { app: {{name}} } }
        spec:
          terminationGracePeriodSeconds: 5
          containers:
          - name: main
            image: {{Image}}
            command: [sh, -c, "{{script}}"]
        {{more}}
        """;

    public static string ConfigMap(string name, string labels = "{}") => $$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: {{name}}, labels: {{labels}} }
        data: { key: value }
        """;
}
