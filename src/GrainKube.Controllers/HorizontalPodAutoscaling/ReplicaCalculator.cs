namespace GrainKube.Controllers.HorizontalPodAutoscaling;

/// <summary>How many replicas bring a metric to its target; the rules of upstream's calculator. Pure.</summary>
/// <param name="Replicas">The proposal.</param>
/// <param name="Utilization">Use in percent of what was asked for; null for a target in absolute numbers.</param>
/// <param name="Average">Use of a pod on average, in thousandths.</param>
internal sealed record ReplicaCalculator(int Replicas, int? Utilization, long Average)
{
    /// <param name="current">Replicas now.</param>
    /// <param name="target">Percent of the request.</param>
    /// <param name="resource">For messages.</param>
    /// <param name="ns">For messages.</param>
    /// <param name="pods">All pods that the target selects.</param>
    /// <param name="tolerance">How far above and below the target nothing is done.</param>
    /// <exception cref="MetricException">There is nothing to compute from; in upstream's words.</exception>
    public static ReplicaCalculator ForUtilization(int current, int target, string resource, string ns, IReadOnlyList<MeasuredPod> pods, Tolerance tolerance)
    {
        var counted = Counted(pods, resource, "");
        if (pods.FirstOrDefault(p => p.Request is null) is { } without)
        {
            throw new MetricException(
                without.WithoutRequest.Length > 0 ? $"missing request for {resource} in container {without.WithoutRequest} of Pod {without.Name}" : $"missing pod-level request for {resource} in Pod {without.Name}", ns);
        }

        var requests = pods.ToDictionary(p => p.Name, p => p.Request!.Value);
        var (ratio, utilization, average) = Ratio(counted);
        var missing = Math.Max(100, target);
        var replicas = Decide(current, ratio, counted, pods, tolerance, p => requests[p.Name] * missing / 100, usages => Ratio(usages).Ratio);
        return new ReplicaCalculator(replicas, utilization, average);

        (double Ratio, int Utilization, long Average) Ratio(Dictionary<string, long> usages)
        {
            var (used, asked) = (usages.Values.Sum(), usages.Keys.Sum(n => requests[n]));
            if (asked == 0)
            {
                throw new MetricException("no metrics returned matched known pods", ns);
            }

            var percent = (int)(used * 100 / asked);
            return ((double)percent / target, percent, used / usages.Count);
        }
    }

    /// <param name="current">Replicas now.</param>
    /// <param name="target">Thousandths that a pod is to use on average.</param>
    /// <param name="resource">For messages.</param>
    /// <param name="pods">All pods that the target selects.</param>
    /// <param name="tolerance">How far above and below the target nothing is done.</param>
    /// <exception cref="MetricException">There is nothing to compute from; in upstream's words.</exception>
    public static ReplicaCalculator ForAverage(int current, long target, string resource, IReadOnlyList<MeasuredPod> pods, Tolerance tolerance)
    {
        var counted = Counted(pods, resource, "");
        var replicas = Decide(current, Ratio(counted), counted, pods, tolerance, _ => target, Ratio);
        return new ReplicaCalculator(replicas, null, counted.Values.Sum() / counted.Count);

        double Ratio(Dictionary<string, long> usages) => (double)(usages.Values.Sum() / usages.Count) / target;
    }

    private static Dictionary<string, long> Counted(IReadOnlyList<MeasuredPod> pods, string resource, string ns)
    {
        if (pods.Count == 0)
        {
            throw new MetricException("no pods returned by selector while calculating replica count", ns);
        }

        if (!pods.Any(p => p.Usage is not null))
        {
            throw new MetricException($"unable to get metrics for resource {resource}: no metrics returned from resource metrics API", ns);
        }

        var counted = pods.Where(p => p.Group == PodGroup.Ready).ToDictionary(p => p.Name, p => p.Usage!.Value);
        return counted.Count > 0 ? counted : throw new MetricException("did not receive metrics for targeted pods (pods might be unready)", ns);
    }

    private static int Decide(
        int current, double ratio, Dictionary<string, long> counted, IReadOnlyList<MeasuredPod> pods, Tolerance tolerance,
        Func<MeasuredPod, long> worst, Func<Dictionary<string, long>, double> ratioOf)
    {
        var missing = pods.Where(p => p.Group == PodGroup.Missing).ToList();
        var unready = ratio > 1 ? pods.Where(p => p.Group == PodGroup.Unready).ToList() : [];
        if (missing.Count == 0 && unready.Count == 0)
        {
            return tolerance.Covers(ratio) ? current : (int)Math.Ceiling(ratio * counted.Count);
        }

        // Against its own direction: a shrinking target takes silent pods for busy ones, a growing one for idle ones.
        var all = new Dictionary<string, long>(counted);
        foreach (var pod in missing)
        {
            if (ratio != 1)
            {
                all[pod.Name] = ratio < 1 ? worst(pod) : 0;
            }
        }

        foreach (var pod in unready)
        {
            all[pod.Name] = 0;
        }

        var careful = ratioOf(all);
        if (tolerance.Covers(careful) || (ratio < 1 && careful > 1) || (ratio > 1 && careful < 1))
        {
            return current;
        }

        var replicas = (int)Math.Ceiling(careful * all.Count);
        return (careful < 1 && replicas > current) || (careful > 1 && replicas < current) ? current : replicas;
    }
}
