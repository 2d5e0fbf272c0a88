using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Admission.ServiceAccounts;

/// <summary>The projected volume through which a pod gets its account's token, the cluster's certificate and its namespace.</summary>
internal static class TokenVolume
{
    /// <summary>One hour and seven seconds: by this odd number the server knows tokens that a pod did not choose itself, and lets them live on for a year.</summary>
    public const int Seconds = 3607;
    private const string Prefix = "kube-api-access-";
    private const string MountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Mounts the volume into every container that has nothing mounted there, and adds it where one needs it.</summary>
    public static void MountInto(JsonObject spec)
    {
        var volumes = spec["volumes"] as JsonArray;
        var name = volumes?.Select(v => (string?)v?["name"]).FirstOrDefault(n => n?.StartsWith(Prefix, StringComparison.Ordinal) == true);
        var exists = name is not null;
        name ??= Prefix + RandomNumberGenerator.GetString("bcdfghjklmnpqrstvwxz2456789", 5);
        var mounted = MountInto(spec["initContainers"] as JsonArray, name) | MountInto(spec["containers"] as JsonArray, name);
        if (exists || !mounted)
        {
            return;
        }

        if (volumes is null)
        {
            // Upstream's order of fields: people read these objects.
            volumes = [];
            spec.Remove("volumes");
            spec.Insert(0, "volumes", volumes);
        }

        volumes.Add((JsonNode)Volume(name));
    }

    private static bool MountInto(JsonArray? containers, string volume)
    {
        var mounted = false;
        foreach (var container in containers?.OfType<JsonObject>() ?? [])
        {
            if (container["volumeMounts"] is not JsonArray mounts)
            {
                container["volumeMounts"] = mounts = [];
            }

            if (mounts.All(m => (string?)m?["mountPath"] != MountPath))
            {
                mounts.Add((JsonNode)new JsonObject { ["name"] = volume, ["readOnly"] = true, ["mountPath"] = MountPath });
                mounted = true;
            }
        }

        return mounted;
    }

    private static JsonObject Volume(string name) => new()
    {
        ["name"] = name,
        ["projected"] = new JsonObject
        {
            ["sources"] = new JsonArray(
                new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = Seconds, ["path"] = "token" } },
                new JsonObject
                {
                    ["configMap"] = new JsonObject
                    {
                        ["name"] = "kube-root-ca.crt",
                        ["items"] = new JsonArray(new JsonObject { ["key"] = "ca.crt", ["path"] = "ca.crt" }),
                    },
                },
                new JsonObject
                {
                    ["downwardAPI"] = new JsonObject
                    {
                        ["items"] = new JsonArray(new JsonObject
                        {
                            ["path"] = "namespace",
                            ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" },
                        }),
                    },
                }),
            ["defaultMode"] = 420,
        },
    };
}
