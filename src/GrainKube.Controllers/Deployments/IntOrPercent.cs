using System.Globalization;
using k8s.Models;

namespace GrainKube.Controllers.Deployments;

/// <summary>Numbers such as <c>25%</c> or <c>3</c>, resolved against a total.</summary>
internal static class IntOrPercent
{
    public static int Resolve(IntOrString? value, int total, bool roundUp, string fallback)
    {
        var text = value?.ToString() ?? fallback;
        if (!text.EndsWith('%'))
        {
            return int.Parse(text, CultureInfo.InvariantCulture);
        }

        var share = double.Parse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture) * total / 100;
        return (int)(roundUp ? Math.Ceiling(share) : Math.Floor(share));
    }

    /// <summary>The bounds of a rolling update. Both zero would stand still: then one pod may be missing.</summary>
    public static (int Surge, int Unavailable) Fenceposts(V1RollingUpdateDeployment? update, int replicas)
    {
        var surge = Resolve(update?.MaxSurge, replicas, roundUp: true, "25%");
        var unavailable = Resolve(update?.MaxUnavailable, replicas, roundUp: false, "25%");
        return surge == 0 && unavailable == 0 ? (0, 1) : (surge, unavailable);
    }
}
