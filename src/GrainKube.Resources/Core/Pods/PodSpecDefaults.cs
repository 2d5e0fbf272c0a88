using System.Text.Json.Nodes;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Defaults of every pod spec, in a pod or in a template.</summary>
internal static class PodSpecDefaults
{
    /// <summary>The three lists of containers.</summary>
    public static readonly string[] ContainerLists = ["initContainers", "containers", "ephemeralContainers"];

    /// <summary>Of the template of a workload.</summary>
    public static void ApplyToTemplate(JsonObject? template)
    {
        if (template.Object("spec") is { } spec)
        {
            Apply(spec);
        }
    }

    public static void Apply(JsonObject spec)
    {
        spec.DefaultTo("restartPolicy", "Always");
        spec.DefaultTo("terminationGracePeriodSeconds", 30);
        spec.DefaultTo("dnsPolicy", "ClusterFirst");
        spec.Ensure("securityContext");
        spec.DefaultTo("schedulerName", "default-scheduler");
        SameServiceAccount(spec);
        foreach (var volume in spec.Objects("volumes"))
        {
            VolumeDefaults.Apply(volume);
        }

        foreach (var list in ContainerLists)
        {
            foreach (var container in spec.Objects(list))
            {
                ContainerDefaults.Apply(container);
            }
        }
    }

    /// <summary><c>serviceAccount</c> is the old name of <c>serviceAccountName</c> and always says the same.</summary>
    private static void SameServiceAccount(JsonObject spec)
    {
        var name = spec.Text("serviceAccountName");
        var old = spec.Text("serviceAccount");
        if (name.Length > 0)
        {
            spec["serviceAccount"] = name;
        }
        else if (old.Length > 0)
        {
            spec["serviceAccountName"] = old;
        }
    }
}
