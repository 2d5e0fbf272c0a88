using System.Text;
using GrainKube.ApiMachinery.Objects;
using Xunit.Sdk;

namespace GrainKube.Testing.Clusters;

/// <summary>The world did not become what a test waited for.</summary>
public sealed class EventuallyException(IEnumerable<KubeObject> found) : XunitException(
    "What was waited for did not come. There is (three at most):\n" + string.Join('\n', found.Take(3).Select(o => Encoding.UTF8.GetString(o.Json.Span))));
