using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Plugins;

/// <summary>Nodes that have the pod's images are better: the larger the images, and, so that not all crowd there, the more nodes have them.</summary>
internal sealed class ImageLocality(NodeTable table) : IScorePlugin
{
    private const long Megabyte = 1024 * 1024;

    // Upstream's bounds: what is smaller is pulled in no time, what is larger counts no more.
    private const long Least = 23 * Megabyte;
    private const long MostForEach = 1000 * Megabyte;

    public string Name => "ImageLocality";

    public int Weight => 1;

    public bool Skips(PodRequest pod) => !table.KnowsImages;

    public void Score(PodRequest pod, ReadOnlySpan<NodeState> nodes, Span<long> scores)
    {
        var most = MostForEach * pod.Images.Length;
        for (var i = 0; i < nodes.Length; i++)
        {
            var sum = 0L;
            foreach (var image in pod.Images)
            {
                if (nodes[i].Images.TryGetValue(image, out var size))
                {
                    sum += (long)(size * ((double)table.NodesWith(image) / table.Nodes.Count));
                }
            }

            scores[i] = Normalised.Best * (Math.Clamp(sum, Least, most) - Least) / (most - Least);
        }
    }
}
