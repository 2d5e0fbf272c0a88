using System.Globalization;
using GrainKube.Server.Tests.Kubectl;

namespace GrainKube.Server.Tests.Chaos;

/// <summary>What the chaos makes and deletes: applications of each shape that leaves traces on the machine.</summary>
internal static class ChaosManifests
{
    private const string Serve = "mkdir -p /tmp/www; echo ok >/tmp/www/index.html; trap 'exit 0' TERM; httpd -f -p 8080 -h /tmp/www & wait";

    /// <summary>A Deployment behind a Service.</summary>
    public static string Web(string name, int replicas) => $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}} }
        spec: { selector: { app: {{name}} }, ports: [{ port: 80, targetPort: 8080 }] }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: {{name}} }
        spec:
          replicas: {{replicas.ToString(CultureInfo.InvariantCulture)}}
          selector: { matchLabels: { app: {{name}} } }
          template:
            metadata: { labels: { app: {{name}} } }
            spec:
              terminationGracePeriodSeconds: 2
              containers:
              - { name: web, image: "{{Sample.Image}}", command: [sh, -c, "{{Serve}}"], readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 } }
        """;

    /// <summary>A StatefulSet with a volume each and a headless Service; the volumes go with it.</summary>
    public static string Database(string name, int replicas) => $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}} }
        spec: { clusterIP: None, selector: { app: {{name}} }, ports: [{ port: 8080 }] }
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: {{name}} }
        spec:
          serviceName: {{name}}
          replicas: {{replicas.ToString(CultureInfo.InvariantCulture)}}
          podManagementPolicy: Parallel
          persistentVolumeClaimRetentionPolicy: { whenDeleted: Delete, whenScaled: Delete }
          selector: { matchLabels: { app: {{name}} } }
          template:
            metadata: { labels: { app: {{name}} } }
            spec:
              terminationGracePeriodSeconds: 2
              volumes: [{ name: scratch, emptyDir: { medium: Memory } }]
              containers:
              - name: db
                image: {{Sample.Image}}
                command: [sh, -c, "{{Serve}}"]
                volumeMounts: [{ name: data, mountPath: /data }, { name: scratch, mountPath: /scratch }]
          volumeClaimTemplates:
          - metadata: { name: data }
            spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
        """;

    /// <summary>A Job of a few seconds that survives the death of its containers.</summary>
    public static string Job(string name) => $$"""
        apiVersion: batch/v1
        kind: Job
        metadata: { name: {{name}} }
        spec:
          completions: 2
          parallelism: 2
          backoffLimit: 50
          template:
            spec:
              restartPolicy: Never
              terminationGracePeriodSeconds: 1
              containers: [{ name: job, image: "{{Sample.Image}}", command: [sleep, "2"] }]
        """;
}
