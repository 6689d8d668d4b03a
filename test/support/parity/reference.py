"""An implementation of YOLOX and UltraFace that shares nothing with Sightline's: OpenCV decodes, scales and runs the
network, NumPy reads its outputs, OpenCV suppresses. Both follow what their authors publish (Ge et al., "YOLOX: Exceeding
YOLO Series in 2021", sections 2 and 3; Linzaer, "Ultra-Light-Fast-Generic-Face-Detector-1MB").

Reads one JSON document from stdin, writes one to stdout:
    {"threshold": 0.3, "jobs": [{"model": "yolox-nano", "onnx": "…", and either
        "picture": "…", "index": 0, "filter": "sampled"            a file, which of its pictures, how to scale, or
        "rgb": "…", "size": [416, 312], "frame": [640, 480]     scaled pixels, packed RGB, and what they show
    }]}
    {"opencv": "4.6.0", "answers": [[{"classId": 0, "score": 0.9, "box": {"x", "y", "width", "height"}}]]}
Boxes are fractions of the frame. A job whose file OpenCV cannot read is answered with null.
"""

import json
import sys

import cv2
import numpy as np

# Side of the input, what pads it, the overlap above which two boxes are one.
YOLOX = {"width": 416, "height": 416, "pad": 114, "overlap": 0.45}
ULTRAFACE = {"width": 320, "height": 240, "pad": 127, "overlap": 0.3}


def main():
    request = json.load(sys.stdin)
    cv2.setNumThreads(1)
    films, networks = Films(), {}
    answers = []
    for job in request["jobs"]:
        if job["onnx"] not in networks:
            networks[job["onnx"]] = cv2.dnn.readNetFromONNX(job["onnx"])
        answers.append(answer(job, networks[job["onnx"]], films, request["threshold"]))
    json.dump({"opencv": cv2.__version__, "answers": answers}, sys.stdout)


def answer(job, network, films, threshold):
    spec, read = {"yolox-nano": (YOLOX, read_yolox), "ultraface-rfb-320": (ULTRAFACE, read_ultraface)}[job["model"]]
    if "rgb" in job:
        width, height = job["size"]
        picture = np.fromfile(job["rgb"], np.uint8).reshape(height, width, 3)[:, :, ::-1]
        frame = job["frame"]
    else:
        whole = films.picture(job["picture"], job["index"])
        if whole is None:
            return None
        frame = [whole.shape[1], whole.shape[0]]
        ratio = min(spec["width"] / frame[0], spec["height"] / frame[1])
        picture = FILTERS[job["filter"]](whole, [side * ratio for side in frame])
    corners, scores, classes = read(network, padded(picture, spec), threshold)
    covered = np.array([picture.shape[1], picture.shape[0]] * 2)
    corners = np.clip(corners / covered, 0, 1)
    kept = suppressed(corners * np.array(frame * 2), scores, classes, spec["overlap"])
    return [described(corners[i], scores[i], classes[i]) for i in kept]


def sampled(whole, size):
    """Four neighbours for each pixel, however many there are, and sizes cut to whole pixels: what YOLOX's authors do."""
    return cv2.resize(whole, [max(1, int(side)) for side in size], interpolation=cv2.INTER_LINEAR)


def smoothed(whole, size):
    """Linear interpolation widened to all that a pixel covers, so that nothing is skipped where a picture shrinks."""
    counts = [max(1, round(side)) for side in reversed(size)]
    down, across = (triangles(length, count) for length, count in zip(whole.shape, counts))
    rows = np.tensordot(down, whole.astype(np.float32), (1, 0))
    picture = np.tensordot(rows, across, (1, 1)).transpose(0, 2, 1)
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def triangles(length, count):
    """A matrix of count × length: how much each sample counts for each pixel."""
    step = length / count
    centres = (np.arange(count) + 0.5) * step
    distances = np.abs(np.arange(length) + 0.5 - centres[:, None]) / max(1, step)
    weights = np.clip(1 - distances, 0, None).astype(np.float32)
    return weights / weights.sum(1, keepdims=True)


FILTERS = {"sampled": sampled, "smoothed": smoothed}


def padded(picture, spec):
    """The picture at the top left of the network's input, BGR."""
    canvas = np.full((spec["height"], spec["width"], 3), spec["pad"], np.uint8)
    canvas[: picture.shape[0], : picture.shape[1]] = picture
    return canvas


def read_yolox(network, canvas, threshold):
    network.setInput(cv2.dnn.blobFromImage(canvas))
    rows = network.forward()[0]
    grids = [(stride, *np.mgrid[0 : canvas.shape[0] // stride, 0 : canvas.shape[1] // stride]) for stride in (8, 16, 32)]
    column = np.concatenate([x.ravel() for _, _, x in grids])
    line = np.concatenate([y.ravel() for _, y, _ in grids])
    stride = np.concatenate([np.full(x.size, stride) for stride, _, x in grids])
    centre = (rows[:, 0:2] + np.stack([column, line], 1)) * stride[:, None]
    half = np.exp(rows[:, 2:4]) * stride[:, None] / 2
    each = rows[:, 4:5] * rows[:, 5:]
    classes = each.argmax(1)
    scores = each.max(1)
    sure = scores >= threshold
    return np.hstack([centre - half, centre + half])[sure], scores[sure], classes[sure]


def read_ultraface(network, canvas, threshold):
    blob = cv2.dnn.blobFromImage(canvas, 1 / 128, mean=(127, 127, 127), swapRB=True)
    network.setInput(blob)
    # The graph itself adds the offsets to its priors.
    boxes, scores = network.forward(["boxes", "scores"])
    sure = scores[0, :, 1] >= threshold
    corners = boxes[0][sure] * np.array([canvas.shape[1], canvas.shape[0]] * 2)
    return corners, scores[0, sure, 1], np.zeros(int(sure.sum()), int)


def suppressed(corners, scores, classes, overlap):
    """Rows to keep, by falling score: non-maximum suppression within each class."""
    kept = []
    for one in np.unique(classes):
        rows = np.flatnonzero(classes == one)
        sides = np.hstack([corners[rows, :2], corners[rows, 2:] - corners[rows, :2]])
        best = cv2.dnn.NMSBoxes(sides.tolist(), scores[rows].tolist(), 0.0, overlap)
        kept.extend(rows[np.array(best, int).ravel()])
    return sorted(kept, key=lambda row: -scores[row])


def described(corners, score, class_id):
    left, top, right, bottom = (float(side) for side in corners)
    box = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    return {"classId": int(class_id), "score": float(score), "box": box}


class Films:
    """Pictures of files by index; of one film, asked for in rising order, nothing is read twice."""

    def __init__(self):
        self.path, self.film, self.next, self.last = None, None, 0, None

    def picture(self, path, index):
        if not path.endswith(".h264"):
            return cv2.imread(path, cv2.IMREAD_COLOR)
        if path != self.path or index < self.next - 1:
            self.path, self.film, self.next, self.last = path, cv2.VideoCapture(path), 0, None
        while self.next <= index:
            self.last = self.film.read()[1]
            self.next += 1
        return self.last


main()
